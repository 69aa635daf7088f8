/**
 * Groups of images that look alike: what describes an image, what is asked for, what came out. Free
 * of any engine.
 */
package io.millrace.analysis.grouping;
