package api

import (
	"net"
	"net/netip"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// clientAddress is where a request came from. A proxy of the settings is believed what it says of that; anybody else could say anything,
// and a proxy passes on what its client made up before its own entry: the last address that no proxy of ours has is the client's.
func clientAddress(c *fiber.Ctx, proxies []netip.Prefix) netip.Addr {
	from := remoteAddress(c.Context().RemoteAddr())
	if !within(proxies, from) {
		return from
	}
	var said []string
	for _, header := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		said = append(said, strings.Split(string(header), ",")...)
	}
	for i := len(said) - 1; i >= 0; i-- {
		entry, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			return from
		}
		if from = entry.Unmap().WithZone(""); !within(proxies, from) {
			return from
		}
	}
	return from
}

func remoteAddress(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.IPv4Unspecified()
}

func within(networks []netip.Prefix, a netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// addressKey is the part of an address that one client has to himself: of IPv6 he is given a whole network.
func addressKey(a netip.Addr) string {
	if a.Is6() {
		if network, err := a.Prefix(64); err == nil {
			return network.Addr().String()
		}
	}
	return a.String()
}

// addressCount counts the open connections of each address.
type addressCount struct {
	mu   sync.Mutex
	open map[string]int
}

func newAddressCount() *addressCount { return &addressCount{open: map[string]int{}} }

func (c *addressCount) enter(from netip.Addr, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := addressKey(from)
	if most > 0 && c.open[key] >= most {
		return false
	}
	c.open[key]++
	return true
}

func (c *addressCount) leave(from netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := addressKey(from)
	if c.open[key]--; c.open[key] == 0 {
		delete(c.open, key)
	}
}
