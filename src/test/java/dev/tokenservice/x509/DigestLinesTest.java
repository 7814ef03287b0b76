package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigestLinesTest {

    /** All of them belong into one slot, so that each has to look for a place. */
    private static byte[] alike(int last) {
        return ByteBuffer.allocate(32).putInt(28, last).array();
    }

    @Test
    void line_thousandsThatBelongIntoOneSlot_eachFound() {
        DigestLines digests = new DigestLines();
        IntStream.rangeClosed(1, 3000).forEach(line -> digests.add(alike(line), line));

        assertThat(IntStream.rangeClosed(1, 3000).map(line -> digests.line(alike(line))))
                .containsExactly(IntStream.rangeClosed(1, 3000).boxed().toArray(Integer[]::new));
        assertThat(digests.line(alike(0))).isZero();
        assertThat(digests.line(alike(3001))).isZero();
    }

    @Test
    void add_digestThatIsThere_keepsItsFirstLine() {
        DigestLines digests = new DigestLines();
        digests.add(alike(1), 7);
        digests.add(alike(1), 9);

        assertThat(digests.line(alike(1))).isEqualTo(7);
        assertThat(digests.lines()).containsExactly(7);
    }

    @Test
    void add_anotherLength_refused() {
        assertThatThrownBy(() -> new DigestLines().add(new byte[20], 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
