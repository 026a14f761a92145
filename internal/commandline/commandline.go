// Package commandline configures cobra for commands that Russian-speaking operators type: usage in
// Russian, and one error format for an invalid command line.
//
// It defines no command itself.
package commandline

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// usage is the template that lists the commands of a group, or shows the usage line of a single
// command. Flags and arguments are part of cobra.Command.Use.
const usage = `{{if .HasAvailableSubCommands}}Команды:{{range .Commands}}{{if .IsAvailableCommand}}
  {{.UseLine}}
      {{.Short}}{{end}}{{end}}{{else}}Команда:
  {{.UseLine}}
      {{.Short}}{{end}}
`

// UsageError describes an invalid command line. It is printed with the usage.
type UsageError string

func (e UsageError) Error() string { return string(e) }

// Root configures and returns the root command of a program.
func Root(root *cobra.Command) *cobra.Command {
	root.SilenceErrors, root.SilenceUsage, root.DisableFlagsInUseLine = true, true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetUsageTemplate(usage)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return UsageError(fmt.Sprintf("Неверные параметры команды: %v.", err))
	})
	disableFlagsInUseLines(root)
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		c.Hidden = c.Name() == "help" // its text is English
	}
	return root
}

func disableFlagsInUseLines(c *cobra.Command) {
	c.DisableFlagsInUseLine = true
	for _, sub := range c.Commands() {
		disableFlagsInUseLines(sub)
	}
}

// Group returns a command that only groups others.
func Group(use, short string, commands ...*cobra.Command) *cobra.Command {
	group := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: UnknownCommand}
	group.AddCommand(commands...)
	return group
}

// UnknownCommand returns a UsageError for arguments of a group that match none of its commands.
func UnknownCommand(_ *cobra.Command, words []string) error {
	if len(words) == 0 {
		return UsageError("Не указана команда.")
	}
	return UsageError(fmt.Sprintf("Неверная команда: %s.", words[0]))
}

// Arguments accepts from least to most positional arguments.
func Arguments(least, most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, arguments []string) error {
		if n := len(arguments); n < least || n > most {
			return UsageError("Неверное число параметров команды.")
		}
		return nil
	}
}

// PrintError prints why a command failed and, for a UsageError, the usage.
func PrintError(terminal io.Writer, failed *cobra.Command, err error) {
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
