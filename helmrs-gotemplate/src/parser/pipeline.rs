//! Pipelines: declarations, commands and their words.

use std::rc::Rc;

use super::{KNOWN, Parser, Parsing, complete, span};
use crate::ast::{Command, Expression, ExpressionKind, Fields, Pipe, Run, Variable};
use crate::functions::Registered;
use crate::literal;
use crate::number::quote;
use crate::stack::deepen;
use crate::token::{Token, TokenKind};

/// How deep parentheses may nest.
const MAX_PAREN_DEPTH: usize = 10_000;
/// How many commands a pipeline may have.
const MAX_COMMANDS: usize = 100_000;

impl<'t> Parser<'t> {
    /// Parses a pipeline up to and with the token that ends it.
    pub(super) fn pipeline(&mut self, context: &str, end: TokenKind) -> Parsing<Pipe> {
        let start = self.peek_word().start;
        let variables = self.script.variables.len() as u32;
        let mut pipe = Pipe {
            span: self.span_from(start),
            assigns: false,
            variables: Run {
                start: variables,
                end: variables,
            },
            commands: Run::default(),
        };
        let mark = self.commands.len();
        while self.declaration(&mut pipe, context)? {}
        loop {
            let token = self.next_word();
            match token.kind {
                kind if kind == end => {
                    self.check(mark, context)?;
                    pipe.commands = complete(&mut self.commands, mark, &mut self.script.commands);
                    pipe.span = self.span_from(start);
                    return Ok(pipe);
                }
                kind if starts_operand(kind) => {
                    self.backup();
                    let command = self.command()?;
                    self.commands.push(command);
                    if self.commands.len() - mark > MAX_COMMANDS {
                        return Err(self.error("pipeline too long"));
                    }
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
    }

    /// Parses a variable with what declares it; tells whether another may follow, as in `$i, $e := …`.
    fn declaration(&mut self, pipe: &mut Pipe, context: &str) -> Parsing<bool> {
        let variable = self.peek_word();
        if variable.kind != TokenKind::Variable {
            return Ok(false);
        }
        self.next();
        // Since space is a token, `$x foo` needs three tokens to tell that $x is an argument.
        let after = self.peek();
        let next = self.peek_word();
        match next.kind {
            TokenKind::Assign | TokenKind::Declare => {
                pipe.assigns = next.kind == TokenKind::Assign;
                self.next_word();
                self.declare(pipe, variable);
                Ok(false)
            }
            TokenKind::Char if next.text == b"," => {
                self.next_word();
                self.declare(pipe, variable);
                if context != "range" || pipe.variables.end - pipe.variables.start >= 2 {
                    return Err(self.error(format!("too many declarations in {context}")));
                }
                match self.peek_word().kind {
                    TokenKind::Variable | TokenKind::RightDelim | TokenKind::RightParen => Ok(true),
                    _ => Err(self.error("range can only initialize variables")),
                }
            }
            _ if after.kind == TokenKind::Space => {
                self.tree.tokens[1] = after;
                self.tree.tokens[2] = variable;
                self.tree.pending = 3;
                Ok(false)
            }
            _ => {
                self.tree.tokens[1] = variable;
                self.tree.pending = 2;
                Ok(false)
            }
        }
    }

    fn declare(&mut self, pipe: &mut Pipe, token: Token<'t>) {
        let next = self.variables.len() as u32;
        let id = *self.variables.entry(token.text).or_insert(next);
        let variable = variable(token, id);
        self.script.variables.push(variable);
        pipe.variables.end = self.script.variables.len() as u32;
        self.tree.variables.push((token.text, variable.id));
    }

    /// Checks the commands of a pipeline, which are those from `mark` on.
    fn check(&self, mark: usize, context: &str) -> Parsing<()> {
        if self.commands.len() == mark {
            return Err(self.error(format!("missing value for {context}")));
        }
        for (index, command) in self.commands[mark..].iter().enumerate().skip(1) {
            if self.script.words(command)[0].is_constant() {
                return Err(self.error(format!(
                    "non executable command in pipeline stage {}",
                    index + 1
                )));
            }
        }
        Ok(())
    }

    /// Parses words up to a pipe, which is taken, or the end of the pipeline, which is not.
    fn command(&mut self) -> Parsing<Command> {
        let start = self.peek_word().start;
        let mark = self.expressions.len();
        loop {
            if let Some(word) = self.operand()? {
                self.expressions.push(word);
            }
            let end = self.end;
            let token = self.next();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelim | TokenKind::RightParen => self.backup(),
                TokenKind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            if self.expressions.len() == mark {
                return Err(self.error("empty command"));
            }
            return Ok(Command {
                span: span(start, end),
                words: complete(&mut self.expressions, mark, &mut self.script.expressions),
            });
        }
    }

    /// Parses a term and the fields that follow it; none if what comes next is no term.
    fn operand(&mut self) -> Parsing<Option<Expression>> {
        let Some(mut term) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        if first.kind != TokenKind::Field {
            return Ok(Some(term));
        }
        while self.peek().kind == TokenKind::Field {
            self.next();
        }
        if term.is_constant() {
            let term = self.script.show_expression(&term);
            return Err(self.error(format!(
                "unexpected . after term {}",
                quote(term.as_bytes())
            )));
        }
        // Parity: Go places a chain at its first further field, not at its start.
        let place = self.span_from(first.start);
        match &mut term.kind {
            ExpressionKind::Field(fields) => fields.0.end = place.end,
            ExpressionKind::Variable(_, fields) => *fields = Fields(place),
            _ => {
                let start = self.script.expressions.len() as u32;
                self.script.expressions.push(term);
                return Ok(Some(Expression {
                    span: place,
                    kind: ExpressionKind::Chain(start, Fields(place)),
                }));
            }
        }
        term.span = place;
        Ok(Some(term))
    }

    fn term(&mut self) -> Parsing<Option<Expression>> {
        let token = self.next_word();
        let kind = match token.kind {
            TokenKind::Identifier => ExpressionKind::Function(self.function(token)?),
            TokenKind::Dot => ExpressionKind::Dot,
            TokenKind::Nil => ExpressionKind::Nil,
            TokenKind::Variable => self.variable_in_sight(token)?,
            TokenKind::Field => ExpressionKind::Field(Fields(self.span_from(token.start))),
            TokenKind::Bool => ExpressionKind::Bool(token.text == b"true"),
            TokenKind::CharConstant | TokenKind::Complex | TokenKind::Number => {
                let number = literal::number(token.text, token.kind)
                    .map_err(|message| self.error(message))?;
                ExpressionKind::Number(Box::new(number))
            }
            TokenKind::LeftParen => {
                let pipe = self.parenthesized()?;
                return Ok(Some(Expression {
                    span: pipe.span,
                    kind: ExpressionKind::Pipe(pipe),
                }));
            }
            TokenKind::String | TokenKind::RawString => {
                let value = literal::unquote(token.text).map_err(|message| self.error(message))?;
                ExpressionKind::String(value)
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        Ok(Some(Expression {
            span: self.span_from(token.start),
            kind,
        }))
    }

    fn function(&mut self, token: Token<'t>) -> Parsing<Rc<Registered>> {
        let name = token.text;
        let ends = |byte: Option<&u8>| byte.map_or(0, |byte| usize::from(*byte));
        let place = (ends(name.first()) ^ (ends(name.last()) << 2) ^ name.len()) % KNOWN;
        match self.known[place] {
            Some((known, function)) if known == name => Ok(Rc::clone(function)),
            _ => match self.functions.get(name) {
                Some(function) => {
                    self.known[place] = Some((name, function));
                    Ok(Rc::clone(function))
                }
                None => Err(self.error(format!("function {} not defined", quote(name)))),
            },
        }
    }

    fn variable_in_sight(&self, token: Token<'t>) -> Parsing<ExpressionKind> {
        let mut in_sight = self.tree.variables.iter().rev();
        match in_sight.find(|(name, _)| *name == token.text) {
            Some((_, id)) => Ok(ExpressionKind::Variable(variable(token, *id), Fields::NONE)),
            None => Err(self.error(format!("undefined variable {}", quote(token.text)))),
        }
    }

    fn parenthesized(&mut self) -> Parsing<Pipe> {
        if self.tree.paren_depth >= MAX_PAREN_DEPTH {
            return Err(self.error("max expression depth exceeded"));
        }
        self.tree.paren_depth += 1;
        let pipe = deepen(|| self.pipeline("parenthesized pipeline", TokenKind::RightParen))?;
        self.tree.paren_depth -= 1;
        Ok(pipe)
    }
}

impl Expression {
    /// Tells whether the expression is a plain value, which nothing can be piped into.
    fn is_constant(&self) -> bool {
        matches!(
            self.kind,
            ExpressionKind::Bool(_)
                | ExpressionKind::Dot
                | ExpressionKind::Nil
                | ExpressionKind::Number(_)
                | ExpressionKind::String(..)
        )
    }
}

fn variable(token: Token<'_>, id: u32) -> Variable {
    Variable {
        name: span(token.start, token.start + token.text.len()),
        id,
    }
}

fn starts_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Bool
            | TokenKind::CharConstant
            | TokenKind::Complex
            | TokenKind::Dot
            | TokenKind::Field
            | TokenKind::Identifier
            | TokenKind::Number
            | TokenKind::Nil
            | TokenKind::RawString
            | TokenKind::String
            | TokenKind::Variable
            | TokenKind::LeftParen
    )
}
