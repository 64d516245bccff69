// Package human is the integration human:createTask: a task that a person answers in the
// inbox. It reads and checks the parameters; keeping the task is the business of the Desk
// it is given. The task token never goes into a task.
package human
