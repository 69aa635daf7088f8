/** Many values to few numbers: summaries, bins that several histograms share, histograms. */
package io.millrace.analysis.distribution;
