/** The commands of the command line, one class a noun. */
package io.millrace.jobs.cli;
