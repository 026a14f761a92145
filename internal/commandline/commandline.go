// Package commandline sets up cobra for commands that Russian-speaking operators type: the usage in
// Russian, and one answer to a wrong command line.
//
// It knows no command itself.
package commandline

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// usage lists the commands of a group, or shows the line of a single one. Flags and arguments stand
// in cobra.Command.Use.
const usage = `{{if .HasAvailableSubCommands}}Команды:{{range .Commands}}{{if .IsAvailableCommand}}
  {{.UseLine}}
      {{.Short}}{{end}}{{end}}{{else}}Команда:
  {{.UseLine}}
      {{.Short}}{{end}}
`

// UsageError says what is wrong with a command line. It is answered with what is allowed.
type UsageError string

func (e UsageError) Error() string { return string(e) }

// Root prepares the root command of a program.
func Root(root *cobra.Command) *cobra.Command {
	root.SilenceErrors, root.SilenceUsage, root.DisableFlagsInUseLine = true, true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetUsageTemplate(usage)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return UsageError(fmt.Sprintf("Неверные параметры команды: %v.", err))
	})
	plainUseLines(root)
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		c.Hidden = c.Name() == "help" // its own words are English
	}
	return root
}

func plainUseLines(c *cobra.Command) {
	c.DisableFlagsInUseLine = true
	for _, sub := range c.Commands() {
		plainUseLines(sub)
	}
}

// Group makes a command that only holds others.
func Group(use, short string, commands ...*cobra.Command) *cobra.Command {
	group := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: Unknown}
	group.AddCommand(commands...)
	return group
}

// Unknown refuses the words behind a group that name none of its commands.
func Unknown(_ *cobra.Command, words []string) error {
	if len(words) == 0 {
		return UsageError("Не указана команда.")
	}
	return UsageError(fmt.Sprintf("Неверная команда: %s.", words[0]))
}

// Arguments wants a number of arguments from least to most.
func Arguments(least, most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, arguments []string) error {
		if n := len(arguments); n < least || n > most {
			return UsageError("Неверное число параметров команды.")
		}
		return nil
	}
}

// Complain prints why a command failed and, if its line was wrong, what is allowed.
func Complain(terminal io.Writer, failed *cobra.Command, err error) {
	fmt.Fprintln(terminal, err)
	var wrong UsageError
	if !errors.As(err, &wrong) {
		return
	}
	if !failed.HasSubCommands() && failed.HasParent() {
		failed = failed.Parent()
	}
	fmt.Fprintf(terminal, "\n%s", failed.UsageString())
}
