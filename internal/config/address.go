package config

import (
	"cmp"
	"net/netip"
	"net/url"
	"strings"
)

// isPlain says that a URL has another scheme than https; an empty one is judged nowhere.
func isPlain(address string) bool {
	u, err := url.Parse(address)
	return address != "" && err == nil && u.Scheme != "https"
}

// isHere says that a URL leads to this machine.
func isHere(address string) bool {
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

// sameOrigin compares two https addresses; either may name the scheme's own port or leave it out.
func sameOrigin(one, other string) bool {
	a, err1 := url.Parse(one)
	b, err2 := url.Parse(other)
	return err1 == nil && err2 == nil && hostOf(one) == hostOf(other) && cmp.Or(a.Port(), "443") == cmp.Or(b.Port(), "443")
}

// The ranges in which an IPv6 address holds an IPv4 one.
var (
	compatible = netip.MustParsePrefix("::/96")
	nat64      = netip.MustParsePrefix("64:ff9b::/96")
)

// isThisMachine is for loopback and unspecified addresses, in the short and
// numeric spellings too that resolvers take ("127.1", "2130706433", "0x7f.1").
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
	numeric := last != "" && last[0] >= '0' && last[0] <= '9' // no top-level domain begins so
	return numeric || isLocalName(host) || !isASCII(host)
}

// isASCII is false for spellings that resolvers fold into another name or address.
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
