/**
 * The back end {@code volcano}: a run becomes one Volcano job of a Kubernetes cluster, a node one
 * of its pods.
 *
 * <p>{@link io.millrace.training.kubernetes.VolcanoJobManifest} says what is sent to the cluster
 * and depends on nothing but the run and the {@link
 * io.millrace.training.kubernetes.VolcanoSettings}. {@link
 * io.millrace.training.kubernetes.VolcanoLauncher} sends it and watches the job. All pods share one
 * template, so each finds its place by a script that Volcano's variables are filled into; what the
 * script gives to the processes is {@link io.millrace.training.GangProcesses}'s contract.
 */
package io.millrace.training.kubernetes;
