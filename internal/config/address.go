package config

import (
	"cmp"
	"net/netip"
	"net/url"
	"strings"
)

// isUnencrypted reports whether a URL has another scheme than https. It is false for an empty or
// malformed URL.
func isUnencrypted(address string) bool {
	u, err := url.Parse(address)
	return address != "" && err == nil && u.Scheme != "https"
}

// isLocalURL reports whether a URL leads to this machine.
func isLocalURL(address string) bool {
	host := hostOf(address)
	return host != "" && isThisMachine(host)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimRight(u.Hostname(), "."))
}

// sameOrigin reports whether two https URLs have the same host and port. A URL without a port has
// port 443.
func sameOrigin(one, other string) bool {
	a, err1 := url.Parse(one)
	b, err2 := url.Parse(other)
	return err1 == nil && err2 == nil && hostOf(one) == hostOf(other) && cmp.Or(a.Port(), "443") == cmp.Or(b.Port(), "443")
}

// The IPv6 ranges that embed an IPv4 address.
var (
	compatible = netip.MustParsePrefix("::/96")
	nat64      = netip.MustParsePrefix("64:ff9b::/96")
)

// isThisMachine reports whether host is a loopback or unspecified address or a name of it. It also
// recognises the short and numeric spellings that resolvers accept ("127.1", "2130706433",
// "0x7f.1").
func isThisMachine(host string) bool {
	host = strings.ToLower(strings.TrimRight(host, "."))
	if address, err := netip.ParseAddr(host); err == nil {
		address = address.Unmap().WithZone("")
		if address.Is6() && (compatible.Contains(address) || nat64.Contains(address)) {
			bytes := address.As16()
			inside := netip.AddrFrom4([4]byte(bytes[12:]))
			return inside.IsLoopback() || inside.IsUnspecified() || address.IsLoopback()
		}
		return address.IsLoopback() || address.IsUnspecified() || address.Is4() && address.As4()[0] == 0
	}
	last := host[strings.LastIndex(host, ".")+1:]
	numeric := last != "" && last[0] >= '0' && last[0] <= '9' // no top-level domain begins with a digit
	return numeric || isLocalName(host) || !isASCII(host)
}

// isASCII reports whether the text is ASCII. Resolvers map other spellings to another name or
// address.
func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > 0x7f }) < 0
}

func isLocalName(host string) bool {
	switch host {
	case "localhost", "localhost.localdomain", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback":
		return true
	}
	return strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".localdomain")
}
