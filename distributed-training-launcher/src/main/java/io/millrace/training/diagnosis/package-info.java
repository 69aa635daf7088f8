/**
 * What a failed run's logs tell of the cause.
 *
 * <p>A {@link io.millrace.training.diagnosis.DiagnosisCatalogue} is data: known errors, each with
 * patterns or exit codes, the likely cause and an advice. It reads the logs of a run's workers line
 * by line and returns each {@link io.millrace.training.diagnosis.Diagnosis}, the likeliest first.
 *
 * <pre>{@code
 * DiagnosisCatalogue catalogue = DiagnosisCatalogue.shipped();
 * WorkerLog log = WorkerLog.of("worker-0", () -> Files.newInputStream(file)).endedWith(137);
 * for (Diagnosis each : catalogue.diagnose(List.of(log))) {
 *   System.out.println(each.summary());
 * }
 * }</pre>
 */
package io.millrace.training.diagnosis;
