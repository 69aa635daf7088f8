/**
 * Pixels to numbers: decoding with OpenCV, then plain loops over the bytes, which run as fast as
 * the library's operations and give the same value on every machine.
 */
package io.millrace.analysis.image;
