package dev.tokenservice.x509;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * SHA-256 digests, each with the line that it stands on. A digest takes 44 to 88 bytes, so that a million of them fit into the heap
 * of a small container, twice while a list is replaced.
 */
final class DigestLines {

    private static final int WORDS = 4;
    private static final int BYTES = WORDS * Long.BYTES;
    private static final int FIRST_CAPACITY = 16;

    private long[] digests = new long[WORDS * FIRST_CAPACITY];
    private int[] lines = new int[FIRST_CAPACITY];

    /** Where to find a digest: its number, from 1 on, in the first free slot from the one that it belongs to. */
    private int[] slots = new int[2 * FIRST_CAPACITY];

    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns the lines, in the order in which they were added. */
    IntStream lines() {
        return Arrays.stream(lines, 0, size);
    }

    /** Adds a digest, unless it is there. */
    void add(byte[] digest, int line) {
        if (size == lines.length) {
            grow();
        }
        long[] words = words(digest);
        int slot = slot(words, 0);
        if (slots[slot] == 0) {
            System.arraycopy(words, 0, digests, WORDS * size, WORDS);
            lines[size] = line;
            size++;
            slots[slot] = size;
        }
    }

    /** Returns the line of a digest; 0 where it is not there. */
    int line(byte[] digest) {
        int number = slots[slot(words(digest), 0)];
        return number == 0 ? 0 : lines[number - 1];
    }

    private static long[] words(byte[] digest) {
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("a SHA-256 digest has " + BYTES + " bytes");
        }
        long[] words = new long[WORDS];
        ByteBuffer.wrap(digest).asLongBuffer().get(words);
        return words;
    }

    /** Returns the slot of the digest that begins at this word, or the free one where it would be. */
    private int slot(long[] words, int at) {
        int mask = slots.length - 1;
        int slot = Long.hashCode(words[at]) & mask;
        while (slots[slot] != 0 && !isAt(slots[slot] - 1, words, at)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isAt(int index, long[] words, int at) {
        return Arrays.equals(digests, WORDS * index, WORDS * index + WORDS, words, at, at + WORDS);
    }

    private void grow() {
        digests = Arrays.copyOf(digests, 2 * digests.length);
        lines = Arrays.copyOf(lines, 2 * lines.length);
        slots = new int[2 * slots.length];
        for (int index = 0; index < size; index++) {
            slots[slot(digests, WORDS * index)] = index + 1;
        }
    }
}
