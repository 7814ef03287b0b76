/**
 * Token Service: X.509 client certificates in, short-lived tokens out. Wires the packages together and imports them all;
 * nothing imports this one.
 */
@NullMarked
package dev.tokenservice;

import org.jspecify.annotations.NullMarked;
