//! Numbers: integer and decimal arithmetic, rounding, sequences.

mod decimal;

use super::arguments::{any, float, integer, text};
use super::cast::{to_float64, to_int64, to_text};
use super::{ambient, row, variadic};
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
use crate::types::Type;
use crate::value::{List, Value};

use decimal::Decimal;

const A: &[Type] = &[Type::Any];
const AA: &[Type] = &[Type::Any, Type::Any];
const I: &[Type] = &[Type::INT];

pub(crate) const FUNCTIONS: &[Function] = &[
    row(
        "atoi",
        &[Type::String],
        atoi,
        &[(r#"{{ atoi "42" }}"#, "42")],
    ),
    row("int", A, int, &[(r#"{{ int "017" }}"#, "15")]),
    row("int64", A, int64, &[("{{ int64 3.9 }}", "3")]),
    row("float64", A, float64, &[(r#"{{ float64 "1.5" }}"#, "1.5")]),
    row(
        "toDecimal",
        A,
        to_decimal,
        &[("{{ toDecimal 777 }}", "511")],
    ),
    row("add1", A, add_one, &[("{{ add1 2 }}", "3")]),
    variadic("add", A, add, &[("{{ add 1 2 3 }}", "6")]),
    row("sub", AA, subtract, &[("{{ sub 5 3 }}", "2")]),
    row("div", AA, divide, &[("{{ div 7 2 }}", "3")]),
    row("mod", AA, modulo, &[("{{ mod 7 4 }}", "3")]),
    variadic("mul", AA, multiply, &[("{{ mul 2 3 4 }}", "24")]),
    row("add1f", A, add_one_decimal, &[("{{ add1f 1.5 }}", "2.5")]),
    variadic("addf", A, add_decimals, &[("{{ addf 1.1 2.2 }}", "3.3")]),
    variadic(
        "subf",
        AA,
        subtract_decimals,
        &[("{{ subf 7.5 2 3 }}", "2.5")],
    ),
    variadic("divf", AA, divide_decimals, &[("{{ divf 10 4 }}", "2.5")]),
    variadic("mulf", AA, multiply_decimals, &[("{{ mulf 1.5 2 }}", "3")]),
    variadic("max", AA, largest, &[("{{ max 1 3 2 }}", "3")]),
    variadic("biggest", AA, largest, &[("{{ biggest 1 3 2 }}", "3")]),
    variadic("min", AA, smallest, &[("{{ min 1 3 2 }}", "1")]),
    variadic("maxf", AA, largest_float, &[("{{ maxf 1 2.5 }}", "2.5")]),
    variadic("minf", AA, smallest_float, &[("{{ minf 1.5 2 }}", "1.5")]),
    row("ceil", A, ceil, &[("{{ ceil 1.1 }}", "2")]),
    row("floor", A, floor, &[("{{ floor 1.9 }}", "1")]),
    variadic(
        "round",
        &[Type::Any, Type::INT, Type::Float],
        round,
        &[("{{ round 1.2345 2 }}", "1.23")],
    ),
    row("until", I, until, &[("{{ until 3 }}", "[0 1 2]")]),
    row(
        "untilStep",
        &[Type::INT, Type::INT, Type::INT],
        until_step,
        &[("{{ untilStep 3 6 2 }}", "[3 5]")],
    ),
    variadic("seq", I, seq, &[("{{ seq 0 2 5 }}", "0 2 4")]),
    ambient(
        "randInt",
        &[Type::INT, Type::INT],
        random_int,
        &[("{{ randInt 3 4 }}", "3")],
    ),
];

fn atoi(arguments: &[Value]) -> Result<Value, CallError> {
    let digits = std::str::from_utf8(text(arguments, 0)).unwrap_or_default();
    let number = match digits.parse::<i64>() {
        Ok(number) => number,
        // Parity: Go, strconv.Atoi: out of range gives the nearest number with the error that Sprig drops.
        Err(error) => match error.kind() {
            std::num::IntErrorKind::PosOverflow => i64::MAX,
            std::num::IntErrorKind::NegOverflow => i64::MIN,
            _ => 0,
        },
    };
    Ok(Value::int(number))
}

fn int(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int(to_int64(any(arguments, 0))))
}

fn int64(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(to_int64(any(arguments, 0))))
}

fn float64(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(to_float64(any(arguments, 0))))
}

/// Parity: Sprig, numeric.go, `toDecimal`: the text of the value read as an octal number.
fn to_decimal(arguments: &[Value]) -> Result<Value, CallError> {
    let printed = to_text(any(arguments, 0));
    let digits = printed.as_str().unwrap_or_default();
    let number = crate::number::parse_int(digits, 8).unwrap_or(0);
    Ok(Value::int64(number))
}

fn add_one(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(to_int64(any(arguments, 0)).wrapping_add(1)))
}

fn add(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(
        arguments
            .iter()
            .fold(0, |sum: i64, argument| sum.wrapping_add(to_int64(argument))),
    ))
}

fn subtract(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(
        to_int64(any(arguments, 0)).wrapping_sub(to_int64(any(arguments, 1))),
    ))
}

/// The two operands of a division, which must not be by zero.
fn operands(arguments: &[Value]) -> Result<(i64, i64), CallError> {
    let (left, right) = (to_int64(any(arguments, 0)), to_int64(any(arguments, 1)));
    if right == 0 {
        return Err(CallError::new("runtime error: integer divide by zero"));
    }
    Ok((left, right))
}

fn divide(arguments: &[Value]) -> Result<Value, CallError> {
    operands(arguments).map(|(left, right)| Value::int64(left.wrapping_div(right)))
}

fn modulo(arguments: &[Value]) -> Result<Value, CallError> {
    operands(arguments).map(|(left, right)| Value::int64(left.wrapping_rem(right)))
}

fn multiply(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(
        arguments.iter().fold(1, |product: i64, argument| {
            product.wrapping_mul(to_int64(argument))
        }),
    ))
}

fn decimal_of(value: &Value) -> Result<Decimal, CallError> {
    let number = to_float64(value);
    Decimal::from_float(number).ok_or_else(|| {
        let printed = crate::number::format_float(number, 'g', None);
        CallError::new(format!("Cannot create a Decimal from {printed}"))
    })
}

/// Folds the arguments with exact decimals, so that `addf 1.1 2.2` is 3.3.
fn fold_decimals(
    first: &Value,
    others: &[Value],
    combine: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Result<Value, CallError> {
    let mut total = decimal_of(first)?;
    for other in others {
        total = combine(total, decimal_of(other)?)
            .ok_or_else(|| CallError::new("decimal division by 0"))?;
    }
    Ok(Value::Float(total.to_float()))
}

fn add_one_decimal(arguments: &[Value]) -> Result<Value, CallError> {
    fold_decimals(any(arguments, 0), &[Value::int(1)], |left, right| {
        Some(left.plus(right))
    })
}

fn add_decimals(arguments: &[Value]) -> Result<Value, CallError> {
    fold_decimals(&Value::Float(0.0), arguments, |left, right| {
        Some(left.plus(right))
    })
}

fn subtract_decimals(arguments: &[Value]) -> Result<Value, CallError> {
    fold_decimals(
        any(arguments, 0),
        arguments.get(1..).unwrap_or_default(),
        |left, right| Some(left.minus(right)),
    )
}

fn divide_decimals(arguments: &[Value]) -> Result<Value, CallError> {
    fold_decimals(
        any(arguments, 0),
        arguments.get(1..).unwrap_or_default(),
        Decimal::divided_by,
    )
}

fn multiply_decimals(arguments: &[Value]) -> Result<Value, CallError> {
    fold_decimals(
        any(arguments, 0),
        arguments.get(1..).unwrap_or_default(),
        |left, right| Some(left.times(right)),
    )
}

fn largest(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(
        arguments.iter().map(to_int64).max().unwrap_or(0),
    ))
}

fn smallest(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(
        arguments.iter().map(to_int64).min().unwrap_or(0),
    ))
}

/// As Go's `math.Max` and `math.Min`: an infinity wins even over NaN, which wins over every other number.
fn extreme(arguments: &[Value], winner: f64, better: fn(f64, f64) -> bool) -> Value {
    let numbers: Vec<f64> = arguments.iter().map(to_float64).collect();
    let mut best = numbers.first().copied().unwrap_or(0.0);
    for number in numbers.into_iter().skip(1) {
        best = if best == winner || number == winner {
            winner
        } else if best.is_nan() || number.is_nan() {
            f64::NAN
        } else if best == 0.0 && number == 0.0 {
            // Of two zeros the one without a sign is the larger.
            if best.is_sign_negative() == (winner < 0.0) {
                best
            } else {
                number
            }
        } else if better(number, best) {
            number
        } else {
            best
        };
    }
    Value::Float(best)
}

fn largest_float(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(extreme(arguments, f64::INFINITY, |number, best| {
        number > best
    }))
}

fn smallest_float(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(extreme(arguments, f64::NEG_INFINITY, |number, best| {
        number < best
    }))
}

fn ceil(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(to_float64(any(arguments, 0)).ceil()))
}

fn floor(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(to_float64(any(arguments, 0)).floor()))
}

/// Parity: Sprig, numeric.go, `round`: the fraction is compared with its sign, so negative halves go down.
fn round(arguments: &[Value]) -> Result<Value, CallError> {
    let threshold = if arguments.len() > 2 {
        float(arguments, 2)
    } else {
        0.5
    };
    let power = power_of_ten(integer(arguments, 1));
    let digit = power * to_float64(any(arguments, 0));
    let fraction = if digit.trunc() == digit {
        0.0
    } else {
        digit - digit.trunc()
    };
    let rounded = if fraction >= threshold {
        digit.ceil()
    } else {
        digit.floor()
    };
    Ok(Value::Float(rounded / power))
}

/// `math.Pow(10, exponent)`, which is exact where a float64 can be.
fn power_of_ten(exponent: i64) -> f64 {
    format!("1e{}", exponent.clamp(-400, 400))
        .parse()
        .unwrap_or(f64::INFINITY)
}

/// The most numbers that a sequence may have.
const MOST_NUMBERS: i128 = 1 << 24;

/// Numbers from `start` up or down to before `stop`. Parity: Sprig, numeric.go, `untilStep`.
fn steps(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, CallError> {
    let descending = stop < start;
    if (descending && step >= 0) || (!descending && step <= 0) {
        return Ok(Vec::new());
    }
    let distance = (i128::from(stop) - i128::from(start)).abs();
    let stride = i128::from(step).abs();
    let count = (distance + stride - 1) / stride;
    if count > MOST_NUMBERS {
        return Err(CallError::new(format!(
            "a sequence of {count} numbers is longer than {MOST_NUMBERS}"
        )));
    }
    Ok((0..count as i64)
        .map(|index| start.wrapping_add(index.wrapping_mul(step)))
        .collect())
}

fn ints(numbers: Vec<i64>) -> Value {
    List::typed(
        Type::List(&Type::INT),
        numbers.into_iter().map(Value::int).collect(),
    )
    .into()
}

fn until(arguments: &[Value]) -> Result<Value, CallError> {
    let count = integer(arguments, 0);
    steps(0, count, if count < 0 { -1 } else { 1 }).map(ints)
}

fn until_step(arguments: &[Value]) -> Result<Value, CallError> {
    steps(
        integer(arguments, 0),
        integer(arguments, 1),
        integer(arguments, 2),
    )
    .map(ints)
}

fn seq(arguments: &[Value]) -> Result<Value, CallError> {
    let bounds = match arguments.len() {
        1 => Some((1, integer(arguments, 0), None)),
        2 => Some((integer(arguments, 0), integer(arguments, 1), None)),
        3 => Some((
            integer(arguments, 0),
            integer(arguments, 2),
            Some(integer(arguments, 1)),
        )),
        _ => None,
    };
    let Some((start, end, given)) = bounds else {
        return Ok(Value::from(""));
    };
    let direction = if end < start { -1 } else { 1 };
    if given.is_some_and(|step| direction < 0 && step > 0) {
        return Ok(Value::from(""));
    }
    let numbers = steps(
        start,
        end.wrapping_add(direction),
        given.unwrap_or(direction),
    )?;
    let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
    Ok(texts.join(" ").into())
}

fn random_int(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let (least, bound) = (integer(arguments, 0), integer(arguments, 1));
    let range = bound.wrapping_sub(least);
    if range <= 0 {
        return Err(CallError::new("invalid argument to Intn"));
    }
    let offset = super::words::random_below(executor.ambient(), range as u64) as i64;
    Ok(Value::int(least.wrapping_add(offset)))
}
