/** Runs jobs on the nodes of a Slurm cluster. */
package io.millrace.training.slurm;
