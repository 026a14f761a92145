package platform

import (
	"context"
	"time"
)

// Quiet waits until the servers have done what was asked of them before: Temporal shows workflows to the operators for some time after it
// has started them, and what it still does then would be measured as somebody else's. A quick run, beside which others use the servers, does
// not wait.
func (p *Platform) Quiet(ctx context.Context) error {
	if p.Quick {
		return nil
	}
	const still = time.Second
	servers := p.WithServers(nil)
	before, err := ReadCPU(servers)
	if err != nil {
		return err
	}
	since := time.Now()
	return Await(ctx, "the servers to be quiet", func() (bool, error) {
		if time.Since(since) < still {
			return false, nil
		}
		now, err := ReadCPU(servers)
		if err != nil {
			return false, err
		}
		spent := now.Since(before)
		before, since = now, time.Now()
		return spent[Temporal]+spent[Postgres] < still/5, nil
	})
}
