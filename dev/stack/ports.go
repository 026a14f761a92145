package stack

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"epkr/dev/servers"
)

// ports are the ports of a platform with its simulators, all on 127.0.0.1. The port of a server is
// zero if the environment names a real one in its place.
type ports struct {
	api, internal, worker, temporalUI, temporal, postgres, s3, esia, registry, cryptopro, goskey, smtp, mail int
}

// portSetting describes a port of the platform of `make run`.
type portSetting struct {
	port     *int
	variable string
	fallback int
	what     string
	real     string // the variable that names a real server
}

func (p *ports) settings() []portSetting {
	return []portSetting{
		{&p.api, "EPKR_PORT_API", 8080, "платформа", ""},
		{&p.internal, "EPKR_PORT_INTERNAL", 8082, "состояние и метрики платформы", ""},
		{&p.worker, "EPKR_PORT_WORKER", 8081, "проверка состояния worker", ""},
		{&p.temporalUI, "EPKR_PORT_TEMPORAL_UI", 8233, "интерфейс Temporal", "TEMPORAL_ADDRESS"},
		{&p.temporal, "EPKR_PORT_TEMPORAL", 7233, "Temporal, 8 портов подряд", "TEMPORAL_ADDRESS"},
		{&p.postgres, "EPKR_PORT_POSTGRES", 5433, "база данных", "DATABASE_URL"},
		{&p.s3, "EPKR_PORT_S3", 9000, "хранилище файлов", "S3_ENDPOINT"},
		{&p.esia, "EPKR_PORT_ESIA", 8090, "имитатор ЕСИА", ""},
		{&p.registry, "EPKR_PORT_REGISTRY", 8091, "имитатор реестра", ""},
		{&p.cryptopro, "EPKR_PORT_CRYPTOPRO", 8093, "имитатор плагина КриптоПро", ""},
		{&p.goskey, "EPKR_PORT_GOSKEY", 8094, "имитатор Госключа", ""},
		{&p.smtp, "EPKR_PORT_SMTP", 8095, "почтовый сервер", ""},
		{&p.mail, "EPKR_PORT_MAIL", 8096, "письма", ""},
	}
}

// PortVariables describes in Russian the environment variables of the ports, one a line.
func PortVariables() string {
	var text string
	for _, s := range (&ports{}).settings() {
		text += fmt.Sprintf("  %-24s порт: %s (%d)\n", s.variable, s.what, s.fallback)
	}
	return text
}

// fixedPorts returns the default ports with the changes of the environment.
func fixedPorts() (p ports, err error) {
	for _, s := range p.settings() {
		*s.port = s.fallback
		if text := os.Getenv(s.variable); text != "" {
			number, parseErr := strconv.ParseUint(text, 10, 16)
			if parseErr != nil || number == 0 {
				wrong := fmt.Errorf("%s=%q: нужен номер порта от 1 до 65535", s.variable, text)
				err = errors.Join(err, wrong)
			}
			*s.port = int(number)
		}
		if s.real != "" && os.Getenv(s.real) != "" {
			*s.port = 0
		}
	}
	return p, err
}

// freePorts returns free ports for a separate platform, without the servers' ports.
func freePorts() (p ports, err error) {
	wanted := []*int{&p.api, &p.internal, &p.worker, &p.esia, &p.registry, &p.cryptopro, &p.goskey, &p.smtp, &p.mail}
	free, err := servers.FreePorts(len(wanted))
	for i, port := range free {
		*wanted[i] = port
	}
	return p, err
}

// check returns an error that names every port in use.
func (p ports) check() error {
	var wanted []servers.Port
	for _, s := range p.settings() {
		if *s.port == 0 {
			continue
		}
		count := 1
		if s.port == &p.temporal {
			count = servers.TemporalPorts
		}
		for i := range count {
			port := servers.Port{Number: *s.port + i, For: s.what, Variable: s.variable}
			wanted = append(wanted, port)
		}
	}
	return servers.CheckPorts(wanted)
}

// publicURL returns the address at which a person opens the platform.
func (p ports) publicURL() string { return fmt.Sprintf("http://localhost:%d", p.api) }

func (p ports) origins() []string { return []string{p.publicURL(), URL(p.api)} }
