/** The report page of a run: one HTML file that needs nothing else. */
package io.millrace.training.report;
