package httpcall

import (
	"fmt"
	"net/netip"
	"syscall"
)

// Blocked says that an address may not be called.
type Blocked struct{ Address, Why string }

// Error names the setting that would allow it.
func (b *Blocked) Error() string {
	return fmt.Sprintf("calls to %s (%s) are not allowed; start the server with --allow-private-network to allow them", b.Address, b.Why)
}

// blocked lists the networks that are not the public internet.
var blocked = []struct {
	net netip.Prefix
	why string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "a private network"},
	{netip.MustParsePrefix("100.64.0.0/10"), "a shared network of a carrier"},
	{netip.MustParsePrefix("127.0.0.0/8"), "this computer"},
	{netip.MustParsePrefix("169.254.0.0/16"), "a link-local network"},
	{netip.MustParsePrefix("172.16.0.0/12"), "a private network"},
	{netip.MustParsePrefix("192.0.0.0/24"), "a protocol assignment"},
	{netip.MustParsePrefix("192.0.2.0/24"), "a documentation network"},
	{netip.MustParsePrefix("192.88.99.0/24"), "a 6to4 relay"},
	{netip.MustParsePrefix("192.168.0.0/16"), "a private network"},
	{netip.MustParsePrefix("198.18.0.0/15"), "a benchmark network"},
	{netip.MustParsePrefix("198.51.100.0/24"), "a documentation network"},
	{netip.MustParsePrefix("203.0.113.0/24"), "a documentation network"},
	{netip.MustParsePrefix("224.0.0.0/4"), "a multicast group"},
	{netip.MustParsePrefix("240.0.0.0/4"), "a reserved network"},
	{netip.MustParsePrefix("::/96"), "this computer"},
	{netip.MustParsePrefix("::ffff:0:0:0/96"), "a translated address"},
	{netip.MustParsePrefix("64:ff9b::/96"), "a translated address"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "a translated address"},
	{netip.MustParsePrefix("100::/64"), "a discard network"},
	{netip.MustParsePrefix("2001::/23"), "a protocol assignment"},
	{netip.MustParsePrefix("2001:db8::/32"), "a documentation network"},
	{netip.MustParsePrefix("2002::/16"), "a 6to4 network"},
	{netip.MustParsePrefix("3fff::/20"), "a documentation network"},
	{netip.MustParsePrefix("5f00::/16"), "a segment routing network"},
	{netip.MustParsePrefix("fc00::/7"), "a private network"},
	{netip.MustParsePrefix("fe80::/10"), "a link-local network"},
	{netip.MustParsePrefix("fec0::/10"), "a private network"},
	{netip.MustParsePrefix("ff00::/8"), "a multicast group"},
}

// Control is for net.Dialer: it sees the address that is really called, after any name
// was resolved, and refuses what is not the public internet.
func Control(network, address string, _ syscall.RawConn) error {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return &Blocked{Address: address, Why: "network " + network}
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Blocked{Address: address, Why: "not an address"}
	}
	ip := to.Addr().Unmap().WithZone("")
	for _, b := range blocked {
		if b.net.Contains(ip) {
			return &Blocked{Address: ip.String(), Why: b.why}
		}
	}
	return nil
}
