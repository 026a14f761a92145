package workflows

// Every incompatible change of a workflow is a named patch here: a function over workflow.GetVersion that says in its
// comment what the old histories did, and that stays until no open run predates it. There is none yet.
