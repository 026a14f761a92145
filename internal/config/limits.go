package config

import (
	"math"
	"net/netip"
	"runtime"
	"strconv"
	"strings"

	"epkr/internal/ratelimit"
)

// Limits are the rate limits and quotas of one person and of one address. The zero value sets none.
type Limits struct {
	// SignIn and Check apply to one address, the others to one person.
	SignIn, Check, Read, Search, Write, Upload, Stream ratelimit.Rate
	// Address applies to all requests of one address, Anonymous to those without a session.
	Address, Anonymous ratelimit.Rate
	// ConcurrentRequests is how many requests of one person, or without a session of one address,
	// are processed at the same time.
	ConcurrentRequests int
	// Connections is how many connections of one address may be open; connections of proxies do not
	// count.
	Connections int
	// Sessions, Streams and Drafts apply to one person, SessionStreams to one session.
	Sessions, Streams, SessionStreams, Drafts int
	// Files and FileBytes are what one person may upload for one order in one day.
	Files     int
	FileBytes int64
	// Signers is how many programs may sign requests to ЕСИА at the same time.
	Signers int
	// Proxies are the networks whose X-Forwarded-For header is trusted.
	Proxies []netip.Prefix
}

// limit is one setting of Limits: a rate, a number or a size.
type limit struct {
	name  string
	rate  func(*Limits) *ratelimit.Rate
	count func(*Limits) *int
	bytes func(*Limits) *int64
}

// The default limits and the settings that change them.
var (
	defaultLimits = Limits{
		SignIn: ratelimit.Rate{PerSecond: 2, Burst: 40}, Check: ratelimit.Rate{PerSecond: 0.2, Burst: 20}, Read: ratelimit.Rate{PerSecond: 10, Burst: 100}, Search: ratelimit.Rate{PerSecond: 3, Burst: 30},
		Write: ratelimit.Rate{PerSecond: 3, Burst: 30}, Upload: ratelimit.Rate{PerSecond: 5, Burst: 100}, Stream: ratelimit.Rate{PerSecond: 0.5, Burst: 30},
		Address: ratelimit.Rate{PerSecond: 300, Burst: 3000}, Anonymous: ratelimit.Rate{PerSecond: 20, Burst: 400},
		ConcurrentRequests: 4, Connections: 1000, Sessions: 10, Streams: 20, SessionStreams: 5, Drafts: 100, Files: 200, FileBytes: 10 << 30,
		Signers: max(2, runtime.NumCPU()/2),
	}
	limits = []limit{
		{name: "EPKR_LIMIT_SIGN_IN", rate: func(l *Limits) *ratelimit.Rate { return &l.SignIn }},
		{name: "EPKR_LIMIT_CHECK", rate: func(l *Limits) *ratelimit.Rate { return &l.Check }},
		{name: "EPKR_LIMIT_READ", rate: func(l *Limits) *ratelimit.Rate { return &l.Read }},
		{name: "EPKR_LIMIT_SEARCH", rate: func(l *Limits) *ratelimit.Rate { return &l.Search }},
		{name: "EPKR_LIMIT_WRITE", rate: func(l *Limits) *ratelimit.Rate { return &l.Write }},
		{name: "EPKR_LIMIT_UPLOAD", rate: func(l *Limits) *ratelimit.Rate { return &l.Upload }},
		{name: "EPKR_LIMIT_STREAM", rate: func(l *Limits) *ratelimit.Rate { return &l.Stream }},
		{name: "EPKR_LIMIT_ADDRESS", rate: func(l *Limits) *ratelimit.Rate { return &l.Address }},
		{name: "EPKR_LIMIT_ANONYMOUS", rate: func(l *Limits) *ratelimit.Rate { return &l.Anonymous }},
		{name: "EPKR_LIMIT_AT_ONCE", count: func(l *Limits) *int { return &l.ConcurrentRequests }},
		{name: "EPKR_LIMIT_CONNECTIONS", count: func(l *Limits) *int { return &l.Connections }},
		{name: "EPKR_LIMIT_SESSIONS", count: func(l *Limits) *int { return &l.Sessions }},
		{name: "EPKR_LIMIT_STREAMS", count: func(l *Limits) *int { return &l.Streams }},
		{name: "EPKR_LIMIT_DRAFTS", count: func(l *Limits) *int { return &l.Drafts }},
		{name: "EPKR_LIMIT_FILES", count: func(l *Limits) *int { return &l.Files }},
		{name: "EPKR_LIMIT_FILE_BYTES", bytes: func(l *Limits) *int64 { return &l.FileBytes }},
		{name: "EPKR_LIMIT_SIGNERS", count: func(l *Limits) *int { return &l.Signers }},
	}
)

func loadLimits(v *variables) Limits {
	loaded := defaultLimits
	for _, one := range limits {
		switch {
		case one.rate != nil:
			*one.rate(&loaded) = v.rate(one.name, *one.rate(&loaded))
		case one.count != nil:
			*one.count(&loaded) = v.count(one.name, *one.count(&loaded))
		default:
			*one.bytes(&loaded) = v.size(one.name, *one.bytes(&loaded), math.MaxInt64)
		}
	}
	loaded.Proxies = v.networks("EPKR_TRUSTED_PROXIES")
	return loaded
}

// exceeds reports whether this limit is more than the given multiple of its default.
func (l limit) exceeds(set Limits, times int) bool {
	defaults := defaultLimits
	switch {
	case l.rate != nil:
		is, most := l.rate(&set), l.rate(&defaults)
		return is.PerSecond > most.PerSecond*float64(times) || is.Burst > most.Burst*times
	case l.count != nil:
		return *l.count(&set) > *l.count(&defaults)*times
	}
	return *l.bytes(&set) > *l.bytes(&defaults)*int64(times)
}

// rate reads "20/200": the sustained rate per second and the burst.
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
