/**
 * Training on this machine: every node of a job is a directory here, every rank a process.
 *
 * <p>Each process runs below a small supervisor of its own (a Python script, see {@code
 * rank_supervisor.py}) that holds a pipe to the launcher. Whatever ends the launcher closes the
 * pipe, and the supervisor then kills its process with all that it has started: no orphan is left,
 * even after a {@code kill -9} of the launcher.
 */
package io.millrace.training.local;
