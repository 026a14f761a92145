package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"epkr/dev/synthetic"
)

// castSeed chooses the synthetic world. The simulators use the same one by
// default, and the cast is the same in each.
const castSeed = 1

// castMember is a person of the simulator whom somebody may sign in as.
type castMember struct {
	login, snils, name, what string
	// moderatorOID is his ЕСИА identifier if he is to moderate; else empty.
	moderatorOID string
}

type cast []castMember

func castOf(world *synthetic.World) cast {
	var people cast
	for _, m := range world.Cast() {
		member := castMember{login: m.Login, snils: m.SNILS, name: m.Name, what: m.What}
		if person, found := world.PersonByLogin(m.Login); found && m.Role == synthetic.RoleModerator {
			member.moderatorOID = person.OID
		}
		people = append(people, member)
	}
	return people
}

// moderators lists the ЕСИА identifiers for EPKR_MODERATORS.
func (c cast) moderators() string {
	var ids []string
	for _, p := range c {
		if p.moderatorOID != "" {
			ids = append(ids, p.moderatorOID)
		}
	}
	return strings.Join(ids, ",")
}

// json lists the people for programs, by login.
func (c cast) json() (string, error) {
	type member struct {
		Name  string `json:"name"`
		SNILS string `json:"snils"`
	}
	members := map[string]member{}
	for _, p := range c {
		members[p.login] = member{p.name, p.snils}
	}
	text, err := json.Marshal(members)
	if err != nil {
		return "", fmt.Errorf("list the people: %w", err)
	}
	return string(text), nil
}
