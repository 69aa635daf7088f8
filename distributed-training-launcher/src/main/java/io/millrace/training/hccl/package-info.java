/**
 * Rank tables of HCCL, the collective communication of Ascend devices: which devices of which
 * servers a job has, and which rank each of them is.
 *
 * <p>A cluster writes the devices it gave to a job as {@link
 * io.millrace.training.hccl.InstanceRankTable} (ModelArts' template 2, {@code jobstart_hccl.json});
 * frameworks read {@link io.millrace.training.hccl.ServerRankTable} (template 1). {@link
 * io.millrace.training.hccl.RankTableJson} reads and writes both, {@link
 * io.millrace.training.hccl.RankTableFile} waits until a cluster has completed one.
 */
package io.millrace.training.hccl;
