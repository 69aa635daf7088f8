/**
 * The {@code spark} back end: Spark hands out the nodes of a run, all at once, as the tasks of a
 * barrier stage ({@link io.millrace.training.spark.BarrierLauncher}). Each task starts an agent
 * ({@link io.millrace.training.agent}), which does what the launcher, the driver of the Spark
 * application, tells it.
 *
 * <p>Only this package knows Spark; whoever uses it brings Spark along.
 */
package io.millrace.training.spark;
