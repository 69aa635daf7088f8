/**
 * Datasets on Delta Lake. This package and its {@code spark} sub-package are the only code that
 * knows Delta; here tables are read and small ones written through Delta Kernel, without Spark.
 */
package io.millrace.dataset.delta;
