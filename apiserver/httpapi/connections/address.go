package connections

import (
	"net"
	"net/netip"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// ClientAddress is where a request came from. A proxy of the settings is believed what it says of that; anybody else could say anything,
// and a proxy passes on what its client made up before its own entry: the last address that no proxy of ours has is the client's.
func ClientAddress(c *fiber.Ctx, proxies []netip.Prefix) netip.Addr {
	from := remoteAddress(c.Context().RemoteAddr())
	if !Within(proxies, from) {
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

// AddressKey is the part of an address that one client has to himself: of IPv6 he is given a whole network.
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

// NewPerAddress counts from none.
func NewPerAddress() *PerAddress { return &PerAddress{open: map[string]int{}} }

// Enter counts a connection unless its address has so many already; 0 sets no limit.
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

// Leave takes a connection back.
func (c *PerAddress) Leave(from netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := AddressKey(from)
	if c.open[key]--; c.open[key] == 0 {
		delete(c.open, key)
	}
}
