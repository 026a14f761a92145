package config

import (
	"regexp"
	"slices"
	"strings"
)

// extensions are the ids of the browser extension of КриптоПро: of Manifest V3, of the older one, and
// of the one for Opera.
var extensions = []string{"pfhgbfnnjiafkhfdkmpiflachepdcjod", "iifchhfnnmpdbibifmljnfjhpififfog", "epebfcehmdedogndhlcacafjaacknbcm"}

const expectedScript = "addresses such as chrome-extension://<id>/nmcades_plugin_api.js, separated by commas"

var extensionScript = regexp.MustCompile(`^chrome-extension://[a-p]{32}/[a-z_]+\.js$`)

// loadCryptoPro reads the addresses of the scripts of the extension.
func loadCryptoPro(v *variables) []string {
	scripts := v.list("EPKR_CRYPTOPRO_SCRIPTS")
	if len(scripts) == 0 {
		for _, id := range extensions {
			scripts = append(scripts, "chrome-extension://"+id+"/nmcades_plugin_api.js")
		}
	}
	if slices.ContainsFunc(scripts, func(s string) bool { return !isExtension(s) && !isWebURL(s) }) {
		v.fail("EPKR_CRYPTOPRO_SCRIPTS", "holds what is no such address", expectedScript)
		return nil
	}
	return scripts
}

// isExtension reports whether a script is one of a browser extension, which runs with the consent of the
// person who installed it.
func isExtension(script string) bool { return extensionScript.MatchString(script) }

func isWebURL(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}
