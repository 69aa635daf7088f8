/**
 * Nodes on other machines: an agent there ({@code node_agent.py}, a Python with nothing but its
 * standard library) connects to the launcher and starts, watches and ends processes for it.
 *
 * <p>How agents come to run on machines is up to a back end: a Spark task or a step of Slurm starts
 * each. The connection is the leash: when it ends, however it ends, the agent kills its processes.
 */
package io.millrace.training.agent;
