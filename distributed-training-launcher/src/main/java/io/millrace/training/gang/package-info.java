/**
 * Runs a gang: all processes of a job, started together, watched together and ended together.
 *
 * <p>What is the same on every back end that starts its processes itself is here: preparing the
 * nodes, starting the ranks below supervisors, telling the culprit from its casualties, copying
 * outputs, logs, events, hangs, diagnosis and restarts. A back end supplies a {@link
 * io.millrace.training.gang.NodeSource}: machines, and a way to start a process on them.
 */
package io.millrace.training.gang;
