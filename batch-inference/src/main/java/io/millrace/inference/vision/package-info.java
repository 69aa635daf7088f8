/**
 * From the bytes of an image to the numbers a model takes, and from the numbers it gives to labels
 * and boxes. Decoding is OpenCV's; nothing else of it leaves this package.
 */
package io.millrace.inference.vision;
