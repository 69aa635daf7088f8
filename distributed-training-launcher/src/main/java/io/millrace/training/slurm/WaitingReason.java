package io.millrace.training.slurm;

import java.util.Set;

/** Why a Slurm job waits, in words. */
final class WaitingReason {
  private static final Set<String> NEVER =
      Set.of("PartitionNodeLimit", "PartitionTimeLimit", "BadConstraints");

  private WaitingReason() {}

  /** Whether waiting is of no use as long as nobody changes the job or the cluster. */
  static boolean isForEver(SlurmCommands.JobState state) {
    return NEVER.contains(state.reason());
  }

  /** Slurm's own word is kept, as its documentation is looked up by it (squeue(1)). */
  static String of(SlurmCommands.JobState state) {
    String words =
        switch (state.reason()) {
          case "None" -> "it is about to be looked at";
          case "Resources" -> "not enough nodes are free";
          case "Priority" -> "jobs of a higher priority wait too";
          case "ReqNodeNotAvail" -> "nodes that it needs are down, drained or reserved";
          case "PartitionDown", "PartitionInactive" -> "the partition takes no jobs";
          case "PartitionNodeLimit" -> "it asks for more nodes than the partition gives";
          case "PartitionTimeLimit" -> "it asks for more time than the partition gives";
          case "JobHeldAdmin", "JobHeldUser" -> "it is held; release it with scontrol release";
          case "BeginTime" -> "its time has not come";
          case "Dependency" -> "it depends on another job";
          case "BadConstraints" -> "no node can ever give what it asks for";
          default -> "see squeue(1)";
        };
    return "%s, %s".formatted(state.reason(), words);
  }
}
