/**
 * What an image file says about itself: its real type, its size in pixels and its channels, read
 * from the header and the end of the file without decoding a pixel.
 */
package io.millrace.ingestion.probe;
