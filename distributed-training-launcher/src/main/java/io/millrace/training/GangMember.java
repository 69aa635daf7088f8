package io.millrace.training;

/**
 * One of the processes of a job that are started and ended together. Its text names it in messages.
 */
public sealed interface GangMember permits Rank, ClusterScheduler, NodeSetup, NodeTool {

  /** The number of the node it runs on, from 0. */
  int node();
}
