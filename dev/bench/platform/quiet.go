package platform

import (
	"context"
	"time"
)

// Quiet waits until the servers have done what was asked of them before: Temporal shows workflows to the operators for some time after it
// has started them, and what it still does then would be measured as somebody else's.
func (p *Platform) Quiet(ctx context.Context) error {
	const still = time.Second
	servers := map[string]int{"temporal": p.Processes["temporal"], "postgres": p.Processes["postgres"]}
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
		return spent["temporal"]+spent["postgres"] < still/5, nil
	})
}
