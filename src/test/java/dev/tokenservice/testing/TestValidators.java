package dev.tokenservice.testing;

import io.dropwizard.jersey.validation.MutableValidatorFactory;
import io.dropwizard.jersey.validation.Validators;
import jakarta.validation.ValidatorFactory;
import java.lang.reflect.Proxy;

/** Validators of configurations. Each factory reads the annotations of all classes again, which takes longer than a test. */
public final class TestValidators {

    private static final ValidatorFactory FACTORY = Validators.newValidatorFactory();

    /**
     * For all tests of a process. An application has the constraints of its factory made by its own injection, and takes that
     * with it when it stops: it gets at a copy only. It is not to be closed.
     */
    public static final ValidatorFactory SHARED = (ValidatorFactory) Proxy.newProxyInstance(
            TestValidators.class.getClassLoader(),
            new Class<?>[] {ValidatorFactory.class},
            (proxy, method, arguments) -> method.getName().equals("getConstraintValidatorFactory")
                    ? new MutableValidatorFactory()
                    : method.invoke(FACTORY, arguments));

    private TestValidators() {}
}
