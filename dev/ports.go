package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"epkr/dev/servers"
)

// ports are where the local platform listens, all on 127.0.0.1.
type ports struct {
	api, internal, worker, esia, registry servers.Port
	postgres, temporal, temporalUI, s3    servers.Port
}

// readPorts takes the defaults and what the environment moves.
func readPorts() (ports, error) {
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
	p := ports{
		api:        port("EPKR_PORT_API", 8080, "платформа"),
		internal:   port("EPKR_PORT_INTERNAL", 8082, "состояние и метрики платформы"),
		worker:     port("EPKR_PORT_WORKER", 8081, "проверка состояния worker"),
		esia:       port("EPKR_PORT_ESIA", 8090, "имитатор ЕСИА"),
		registry:   port("EPKR_PORT_REGISTRY", 8091, "имитатор реестра"),
		postgres:   port("EPKR_PORT_POSTGRES", 5433, "база данных"),
		temporal:   port("EPKR_PORT_TEMPORAL", 7233, "Temporal"),
		temporalUI: port("EPKR_PORT_TEMPORAL_UI", 8233, "интерфейс Temporal"),
		s3:         port("EPKR_PORT_S3", 9000, "хранилище файлов"),
	}
	return p, errors.Join(problems...)
}

// temporalAll are the ports of Temporal's roles, all moved by one variable.
func (p ports) temporalAll() []servers.Port {
	var all []servers.Port
	for _, number := range servers.TemporalPortsFrom(p.temporal.Number) {
		all = append(all, servers.Port{Number: number, For: p.temporal.For, Variable: p.temporal.Variable})
	}
	return all
}

// wanted lists the ports that will be listened on.
func (p ports) wanted(local localServers) []servers.Port {
	all := []servers.Port{p.api, p.internal, p.worker, p.esia, p.registry}
	if local.postgres {
		all = append(all, p.postgres)
	}
	if local.temporal {
		all = append(append(all, p.temporalAll()...), p.temporalUI)
	}
	if local.s3 {
		all = append(all, p.s3)
	}
	return all
}
