package stack

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"epkr/dev/servers"
)

// ports are the ports of a platform with its simulators, all on 127.0.0.1.
type ports struct {
	api, internal, worker, esia, registry servers.Port
	postgres, temporal, temporalUI, s3    servers.Port
}

// fixedPorts returns the default ports with the changes of the environment. The port of a server is
// zero if the environment names a real one in its place.
func fixedPorts() (ports, error) {
	var problems []error
	port := func(variable string, fallback int, what string) servers.Port {
		p := servers.Port{Number: fallback, For: what, Variable: variable}
		text := os.Getenv(variable)
		if text == "" {
			return p
		}
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 || number > 65535 {
			problems = append(problems, fmt.Errorf("%s=%q: нужен номер порта от 1 до 65535", variable, text))
		}
		p.Number = number
		return p
	}
	server := func(real, variable string, fallback int, what string) servers.Port {
		p := port(variable, fallback, what)
		if os.Getenv(real) != "" {
			p.Number = 0
		}
		return p
	}
	p := ports{
		api:        port("EPKR_PORT_API", 8080, "платформа"),
		internal:   port("EPKR_PORT_INTERNAL", 8082, "состояние и метрики платформы"),
		worker:     port("EPKR_PORT_WORKER", 8081, "проверка состояния worker"),
		esia:       port("EPKR_PORT_ESIA", 8090, "имитатор ЕСИА"),
		registry:   port("EPKR_PORT_REGISTRY", 8091, "имитатор реестра"),
		postgres:   server("DATABASE_URL", "EPKR_PORT_POSTGRES", 5433, "база данных"),
		temporal:   server("TEMPORAL_ADDRESS", "EPKR_PORT_TEMPORAL", 7233, "Temporal"),
		temporalUI: server("TEMPORAL_ADDRESS", "EPKR_PORT_TEMPORAL_UI", 8233, "интерфейс Temporal"),
		s3:         server("S3_ENDPOINT", "EPKR_PORT_S3", 9000, "хранилище файлов"),
	}
	return p, errors.Join(problems...)
}

// freePorts returns free ports for a separate platform, without the servers' ports.
func freePorts() (ports, error) {
	free, err := servers.FreePorts(5)
	if err != nil {
		return ports{}, err
	}
	var p ports
	for i, port := range []*servers.Port{&p.api, &p.internal, &p.worker, &p.esia, &p.registry} {
		port.Number = free[i]
	}
	return p, nil
}

// wanted returns the ports that will be listened on. One variable changes all of Temporal's.
func (p ports) wanted() []servers.Port {
	var all []servers.Port
	for _, one := range []servers.Port{p.api, p.internal, p.worker, p.esia, p.registry, p.postgres, p.temporalUI, p.s3} {
		if one.Number != 0 {
			all = append(all, one)
		}
	}
	if p.temporal.Number != 0 {
		for _, number := range servers.TemporalPortsFrom(p.temporal.Number) {
			all = append(all, servers.Port{Number: number, For: p.temporal.For, Variable: p.temporal.Variable})
		}
	}
	return all
}

// publicURL returns the address at which a person opens the platform.
func (p ports) publicURL() string { return fmt.Sprintf("http://localhost:%d", p.api.Number) }

func (p ports) origins() []string { return []string{p.publicURL(), URL(p.api.Number)} }
