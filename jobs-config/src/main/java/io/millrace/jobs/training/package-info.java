/** What the command line and the demo need of training runs besides the launcher itself. */
package io.millrace.jobs.training;
