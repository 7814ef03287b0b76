/**
 * Files that an operator may replace while the service runs.
 *
 * <p>Owns the bounded reading of a file and the watching of many.
 *
 * <p>Imports nothing of ours.
 */
@NullMarked
package dev.tokenservice.files;

import org.jspecify.annotations.NullMarked;
