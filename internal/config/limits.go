package config

import (
	"math"
	"net/netip"
	"runtime"
	"strconv"
	"strings"

	"epkr/internal/ratelimit"
)

// Limits say how much one person, and one address, may ask of the platform. The zero value sets none.
type Limits struct {
	// SignIn is of one address, the others of one person.
	SignIn, Read, Search, Write, Upload, Stream ratelimit.Rate
	// Address is for everything that comes from one address, Anonymous for what comes from it without a session.
	Address, Anonymous ratelimit.Rate
	// AtOnce is how many requests of one person, and without a session of one address, are worked on at once.
	AtOnce int
	// Connections is how many of one address may be open; proxies are not counted.
	Connections int
	// Sessions, Streams and Drafts are of one person, SessionStreams of one session.
	Sessions, Streams, SessionStreams, Drafts int
	// Files and FileBytes are what one person may send for one order on one day.
	Files     int
	FileBytes int64
	// Signers is how many programs sign requests to ЕСИА at once.
	Signers int
	// Proxies are whom X-Forwarded-For is believed.
	Proxies []netip.Prefix
}

func loadLimits(v *variables) Limits {
	return Limits{
		SignIn:      v.rate("EPKR_LIMIT_SIGN_IN", ratelimit.Rate{PerSecond: 2, Burst: 40}),
		Read:        v.rate("EPKR_LIMIT_READ", ratelimit.Rate{PerSecond: 10, Burst: 100}),
		Search:      v.rate("EPKR_LIMIT_SEARCH", ratelimit.Rate{PerSecond: 3, Burst: 30}),
		Write:       v.rate("EPKR_LIMIT_WRITE", ratelimit.Rate{PerSecond: 3, Burst: 30}),
		Upload:      v.rate("EPKR_LIMIT_UPLOAD", ratelimit.Rate{PerSecond: 5, Burst: 100}),
		Stream:      v.rate("EPKR_LIMIT_STREAM", ratelimit.Rate{PerSecond: 0.5, Burst: 30}),
		Address:     v.rate("EPKR_LIMIT_ADDRESS", ratelimit.Rate{PerSecond: 300, Burst: 3000}),
		Anonymous:   v.rate("EPKR_LIMIT_ANONYMOUS", ratelimit.Rate{PerSecond: 20, Burst: 400}),
		AtOnce:      v.count("EPKR_LIMIT_AT_ONCE", 4),
		Connections: v.count("EPKR_LIMIT_CONNECTIONS", 1000),
		Sessions:    v.count("EPKR_LIMIT_SESSIONS", 10),
		Streams:     v.count("EPKR_LIMIT_STREAMS", 20), SessionStreams: 5,
		Drafts:    v.count("EPKR_LIMIT_DRAFTS", 100),
		Files:     v.count("EPKR_LIMIT_FILES", 200),
		FileBytes: v.size("EPKR_LIMIT_FILE_BYTES", 10<<30, math.MaxInt64),
		Signers:   v.count("EPKR_LIMIT_SIGNERS", max(2, runtime.NumCPU()/2)),
		Proxies:   v.networks("EPKR_TRUSTED_PROXIES"),
	}
}

// rate reads "20/200": so many a second in the long run, and so many at once.
func (v *variables) rate(name string, fallback ratelimit.Rate) ratelimit.Rate {
	text := v.text(name, "")
	if text == "" {
		return fallback
	}
	perSecond, burst, _ := strings.Cut(text, "/")
	speed, err1 := strconv.ParseFloat(perSecond, 64)
	most, err2 := strconv.Atoi(burst)
	if err1 != nil || err2 != nil || !(speed > 0 && speed <= 1e6) || most < 1 || most > 1e6 {
		v.fail(name, "not a usable rate", "a number a second, a slash and how many at once, e.g. 20/200")
		return fallback
	}
	return ratelimit.Rate{PerSecond: speed, Burst: most}
}

func (v *variables) count(name string, fallback int) int {
	text := v.text(name, "")
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1e6 {
		v.fail(name, "not a usable number", "a whole number from 1 to 1000000")
		return fallback
	}
	return n
}

func (v *variables) networks(name string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range v.list(name) {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			var address netip.Addr
			if address, err = netip.ParseAddr(text); err == nil {
				prefix = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen())
			}
		}
		if err != nil || prefix.Bits() == 0 {
			v.fail(name, "not a list of addresses", "addresses and networks of proxies, e.g. 10.0.0.5, 10.1.0.0/16")
			return nil
		}
		all = append(all, prefix.Masked())
	}
	return all
}
