package mail_test

import (
	"testing"

	"epkr/apiserver/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
