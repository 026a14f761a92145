package connections

import (
	"net"
	"net/netip"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// ClientAddress returns the client's address of a request. X-Forwarded-For is trusted only from the
// configured proxies. A proxy passes on entries that its client invented, so the result is the last
// address that is not one of these proxies.
func ClientAddress(c *fiber.Ctx, proxies []netip.Prefix) netip.Addr {
	from := remoteAddress(c.Context().RemoteAddr())
	if !Within(proxies, from) {
		return from
	}
	var forwarded []string
	for _, header := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		forwarded = append(forwarded, strings.Split(string(header), ",")...)
	}
	for i := len(forwarded) - 1; i >= 0; i-- {
		entry, err := netip.ParseAddr(strings.TrimSpace(forwarded[i]))
		if err != nil {
			return from
		}
		if from = entry.Unmap().WithZone(""); !Within(proxies, from) {
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

// Within reports whether an address belongs to one of the networks.
func Within(networks []netip.Prefix, a netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// AddressKey returns the part of an address that identifies one client: for IPv6 the /64 network,
// for IPv4 the address.
func AddressKey(a netip.Addr) string {
	if a.Is6() {
		if network, err := a.Prefix(64); err == nil {
			return network.Addr().String()
		}
	}
	return a.String()
}

// PerAddress counts the open connections of each address.
type PerAddress struct {
	mu   sync.Mutex
	open map[string]int
}

// NewPerAddress returns an empty counter.
func NewPerAddress() *PerAddress { return &PerAddress{open: map[string]int{}} }

// Enter counts a connection and returns true, unless its address already has the maximum; 0 means
// no limit.
func (c *PerAddress) Enter(from netip.Addr, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := AddressKey(from)
	if most > 0 && c.open[key] >= most {
		return false
	}
	c.open[key]++
	return true
}

// Leave uncounts a connection.
func (c *PerAddress) Leave(from netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := AddressKey(from)
	if c.open[key]--; c.open[key] == 0 {
		delete(c.open, key)
	}
}
