package faults

import (
	"context"
	"fmt"
	"sync"
	"time"

	"epkr/dev/servers"
)

// part is one process of the platform, started again whenever it has ended, as the machine's init would.
type part struct {
	name   string
	launch func(context.Context) (*servers.Process, error)
	log    func(string, ...any)

	mu      sync.Mutex
	process *servers.Process
	up      chan struct{} // closed while it is ready; another one after each death
	open    chan struct{} // closed while it may start
	killed  int           // by the test
	expects bool          // its death, of the test
	died    int           // by itself
}

func newPart(name string, launch func(context.Context) (*servers.Process, error), log func(string, ...any)) *part {
	p := &part{name: name, launch: launch, log: log, up: make(chan struct{}), open: make(chan struct{})}
	close(p.open)
	return p
}

// runs takes over a process that is ready.
func (p *part) runs(process *servers.Process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.process, p.expects = process, false
	close(p.up)
}

// supervise starts the process again after each end, until ctx ends.
func (p *part) supervise(ctx context.Context) {
	for {
		p.mu.Lock()
		process := p.process
		p.mu.Unlock()
		if process != nil {
			select {
			case <-process.Done():
			case <-ctx.Done():
				return
			}
			p.mourn(process)
		}
		if !p.revive(ctx) {
			return
		}
	}
}

func (p *part) mourn(process *servers.Process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.up = make(chan struct{})
	if !p.expects {
		p.died++
		p.log("%s ended by itself: %s\n%s", p.name, process.End(), process.Tail(5))
	}
}

// revive tries until the process is ready or ctx ends.
func (p *part) revive(ctx context.Context) bool {
	pause := time.NewTicker(200 * time.Millisecond)
	defer pause.Stop()
	for tries := 1; ; tries++ {
		select {
		case <-p.mayStart():
		case <-ctx.Done():
			return false
		}
		process, err := p.launch(ctx)
		if err == nil {
			p.runs(process)
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if tries == 1 {
			p.log("%s does not start at once: %.400s", p.name, err)
		}
		<-pause.C
	}
}

func (p *part) mayStart() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

// keepDown lets it not start again until the function returned is called.
func (p *part) keepDown() (letStart func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	gate := make(chan struct{})
	p.open = gate
	return sync.OnceFunc(func() { close(gate) })
}

// kill ends it with SIGKILL, with all that it started.
func (p *part) kill() {
	if process := p.expectEnd(); process != nil {
		p.mu.Lock()
		p.killed++
		p.mu.Unlock()
		process.Kill()
	}
}

// kills is how often the test has killed it.
func (p *part) kills() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.killed
}

// stop asks it to end, waits, and gives how it ended.
func (p *part) stop() string {
	process := p.expectEnd()
	process.Stop()
	return process.End()
}

func (p *part) expectEnd() *servers.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expects = true
	return p.process
}

// ready waits until it is up.
func (p *part) ready(ctx context.Context) error {
	for {
		p.mu.Lock()
		up := p.up
		p.mu.Unlock()
		select {
		case <-up:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", p.name, ctx.Err())
		case <-time.After(100 * time.Millisecond): // it may have died meanwhile
		}
	}
}
