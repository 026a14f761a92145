package connections

import (
	"net"
	"net/netip"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

func TestClientAddressIsThatOfTheLastUntrustedHop(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, one := range []struct{ from, said, want string }{
		{"198.51.100.7:1", "", "198.51.100.7"},
		{"198.51.100.7:1", "203.0.113.5", "198.51.100.7"}, // sent by the client itself
		{"10.0.0.2:1", "203.0.113.5", "203.0.113.5"},
		{"10.0.0.2:1", "1.2.3.4, 203.0.113.5", "203.0.113.5"}, // the first entry is invented by the client
		{"10.0.0.2:1", "1.2.3.4, 203.0.113.5, 10.9.9.9", "203.0.113.5"},
		{"10.0.0.2:1", "", "10.0.0.2"},
		{"10.0.0.2:1", "unknown", "10.0.0.2"},
		{"[fd00::1]:1", "2001:db8::5", "2001:db8::5"},
		{"[::ffff:198.51.100.7]:1", "", "198.51.100.7"},
	} {
		from, err := net.ResolveTCPAddr("tcp", one.from)
		require.NoError(t, err)
		fctx := &fasthttp.RequestCtx{}
		fctx.Init(&fasthttp.Request{}, from, nil)
		if one.said != "" {
			fctx.Request.Header.Set(fiber.HeaderXForwardedFor, one.said)
		}
		app := fiber.New()
		c := app.AcquireCtx(fctx)
		require.Equal(t, one.want, ClientAddress(c, proxies).String(), one.from+" "+one.said)
		app.ReleaseCtx(c)
	}
	require.Equal(t, AddressKey(netip.MustParseAddr("2001:db8::1")), AddressKey(netip.MustParseAddr("2001:db8::ffff")))
	require.NotEqual(t, AddressKey(netip.MustParseAddr("2001:db8::1")), AddressKey(netip.MustParseAddr("2001:db8:0:1::1")))
	require.NotEqual(t, AddressKey(netip.MustParseAddr("198.51.100.7")), AddressKey(netip.MustParseAddr("198.51.100.8")))
}
