/**
 * Hang detection: whether the processes of a job still show signs of life.
 *
 * <p>{@link io.millrace.training.hang.HangDetector} judges what it is told and knows neither
 * processes nor clocks; {@link io.millrace.training.hang.LinuxVitals} reads from {@code /proc} what
 * a process has done so far. A back end looks at its processes once a period and passes on what it
 * sees.
 */
package io.millrace.training.hang;
