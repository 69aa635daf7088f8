/** Boxes to numbers, by geometry alone. */
package io.millrace.analysis.box;
