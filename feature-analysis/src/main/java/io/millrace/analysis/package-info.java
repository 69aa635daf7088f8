/**
 * What the images of a dataset version look like, in numbers: the metrics, what is asked for and
 * what came out. Free of any engine; {@code .spark} runs it over a version.
 */
package io.millrace.analysis;
