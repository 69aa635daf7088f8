package io.millrace.training.hccl;

/** A completed rank table in one of the two forms that ModelArts knows. */
public sealed interface RankTable permits ServerRankTable, InstanceRankTable {

  /** The table as frameworks read it, with a rank for each device. */
  ServerRankTable toServers();

  /** How many devices there are, and with them ranks. */
  int devices();
}
