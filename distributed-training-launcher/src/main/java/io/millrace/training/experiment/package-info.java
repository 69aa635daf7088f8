/** Runs side by side: grouped by experiment, their settings and results compared. */
package io.millrace.training.experiment;
